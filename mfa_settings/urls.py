from django.urls import include, path

from mfa_settings import views

urlpatterns = [
    path("", views.settings, name="settings"),
    path("review/", views.propose, name="propose"),
    path("review/<uuid:proposal_id>/", views.review, name="review"),
    path("review/<uuid:proposal_id>/save/", views.save, name="save"),
    path("check-up/", include("mfa_settings.check_up.urls")),
    path("undo/", include("mfa_settings.undo.urls")),
    path("confirm/", include("mfa_settings.step_up.urls")),
    path("contact/", include("mfa_settings.contact_points.urls")),
    path("devices/", include("mfa_settings.devices.urls")),
    path("test/", include("mfa_settings.drill.urls")),
    path("signed-in/", include("mfa_settings.sessions.urls")),
    path("authenticator/", include("mfa_settings.authenticator.urls")),
    path("passkeys/", include("mfa_settings.passkeys.urls")),
]
