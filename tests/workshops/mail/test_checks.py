import pytest

from workshops.mail.checks import mails_are_kept_for_days


@pytest.mark.parametrize(("days", "errors"), [(30, []), (1, []), (0, ["workshops.E001"]), ("soon", ["workshops.E001"])])
def test_period_of_mails_is_a_number_of_days(settings, days, errors):
    settings.MAIL_KEPT_DAYS = days
    assert [error.id for error in mails_are_kept_for_days()] == errors
