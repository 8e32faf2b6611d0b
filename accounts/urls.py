from django.urls import path

from accounts.views import accounts, addresses, aliases, mine

urlpatterns = [
    path("domains/<domain:domain_name>/", addresses.address_list, name="address-list"),
    path("find/", addresses.find, name="find"),
    path("domains/<domain:domain_name>/accounts/new/", accounts.account_new, name="account-new"),
    path("accounts/<address:mail>/", accounts.account_edit, name="account-edit"),
    path("accounts/<address:mail>/password/", accounts.account_password, name="account-password"),
    path("accounts/<address:mail>/switch/", accounts.account_switch, name="account-switch"),
    path("accounts/<address:mail>/retire/", accounts.account_retire, name="account-retire"),
    path("accounts/<address:mail>/restore/", accounts.account_restore, name="account-restore"),
    path("domains/<domain:domain_name>/aliases/new/", aliases.alias_new, name="alias-new"),
    path("aliases/<address:mail>/", aliases.alias_edit, name="alias-edit"),
    path("aliases/<address:mail>/password/", aliases.alias_password, name="alias-password"),
    path("aliases/<address:mail>/lock/", aliases.alias_lock, name="alias-lock"),
    path("aliases/<address:mail>/switch/", aliases.alias_switch, name="alias-switch"),
    path("aliases/<address:mail>/delete/", aliases.alias_delete, name="alias-delete"),
    path("me/", mine.my_page, name="my-page"),
    path("me/password/", mine.my_password, name="my-password"),
    path("me/name/", mine.my_name, name="my-name"),
    path("me/destinations/", mine.my_destinations, name="my-destinations"),
]
