from django.urls import path

from mfa_settings.authenticator import views

urlpatterns = [
    path("", views.introduction, name="authenticator"),
    path("start/", views.start, name="authenticator_start"),
    path("<uuid:set_up_id>/", views.set_up, name="authenticator_set_up"),
    path("<uuid:set_up_id>/qr.svg", views.qr_code, name="authenticator_qr"),
    path("<uuid:set_up_id>/verify/", views.verify, name="authenticator_verify"),
    path("<uuid:set_up_id>/done/", views.done, name="authenticator_done"),
]
