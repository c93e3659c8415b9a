from django.urls import include, path

urlpatterns = [
    path("", include("mfa_settings.urls")),
    path("", include("signin.urls")),
]

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.permission_denied"
handler404 = "portal.errors.page_not_found"
handler500 = "portal.errors.server_error"
