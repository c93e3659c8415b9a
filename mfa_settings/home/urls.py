from django.urls import path

from mfa_settings.home import views

urlpatterns = [
    path("", views.settings, name="settings"),
    path("review/", views.propose, name="propose"),
]
