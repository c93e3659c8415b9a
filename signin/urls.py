"""Included at the root. Nothing else of django-allauth is routed."""

from django.urls import include, path

from signin import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/start/", views.start, name="cognito_login"),
    path("sign-in/callback/", views.callback, name="cognito_callback"),
    path("sign-in/stay/", views.stay, name="stay"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("signed-out/", views.signed_out, name="signed_out"),
    path("confirm/", include("signin.step_up.urls")),
    path("devices/", include("signin.devices.urls")),
    path("signed-in/", include("signin.sessions.urls")),
]
