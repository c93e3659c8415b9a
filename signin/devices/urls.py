from django.urls import path

from signin.devices import views

urlpatterns = [
    path("", views.overview, name="devices"),
    path("forget/", views.forget, name="devices_forget"),
    path("forget-all/", views.forget_all, name="devices_forget_all"),
]
