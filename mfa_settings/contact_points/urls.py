from django.urls import path

from mfa_settings.contact_points import views

urlpatterns = [
    path("", views.overview, name="contact_points"),
    path("<slug:slug>/change/", views.change, name="contact_change"),
    path("<slug:slug>/confirm/", views.confirm, name="contact_confirm"),
    path("<slug:slug>/code/", views.code, name="contact_code"),
    path("<slug:slug>/resend/", views.resend, name="contact_resend"),
    path("<slug:slug>/cancel/", views.cancel, name="contact_cancel"),
    path("<slug:slug>/remove/", views.remove, name="contact_remove"),
]
