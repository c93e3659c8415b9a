from django.urls import include, path

urlpatterns = [
    path("", include("mfa_settings.home.urls")),
    path("", include("mfa_settings.preference.urls")),
    path("check-up/", include("mfa_settings.check_up.urls")),
    path("contact/", include("mfa_settings.contact_points.urls")),
    path("test/", include("mfa_settings.factor_test.urls")),
    path("authenticator/", include("mfa_settings.authenticator.urls")),
    path("passkeys/", include("mfa_settings.passkeys.urls")),
]
