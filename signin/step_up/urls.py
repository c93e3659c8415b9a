from django.urls import path

from signin.step_up import views

urlpatterns = [
    path("<uuid:form_id>/", views.confirm, name="confirm"),
    path("<uuid:form_id>/start/", views.start, name="confirm_start"),
    path("<uuid:form_id>/other/", views.other, name="confirm_other"),
]
