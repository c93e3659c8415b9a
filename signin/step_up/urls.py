from django.urls import path

from signin.step_up import views

urlpatterns = [
    path("<uuid:waiting_id>/", views.confirm, name="confirm"),
    path("<uuid:waiting_id>/start/", views.start, name="confirm_start"),
    path("<uuid:waiting_id>/other/", views.other, name="confirm_other"),
]
