from django.urls import path

from mfa_settings.passkeys import views

urlpatterns = [
    path("", views.overview, name="passkeys"),
    path("start/", views.start, name="passkey_start"),
    path("away/", views.add_in_managed_login, name="passkey_add_in_managed_login"),
    path("back/", views.return_from_managed_login, name="passkey_return"),
    path("new/<uuid:ceremony_id>/", views.ceremony, name="passkey_ceremony"),
    path("new/<uuid:ceremony_id>/finish/", views.finish, name="passkey_finish"),
    path("<str:credential_id>/name/", views.name, name="passkey_name"),
    path("<str:credential_id>/remove/", views.remove, name="passkey_remove"),
]
