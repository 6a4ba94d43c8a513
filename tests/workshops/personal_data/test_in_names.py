import pytest
from django.core.exceptions import ValidationError

from insights.models import Insight
from workshops.models import Place, ServiceArea, Story, Workshop
from workshops.personal_data.in_names import refuse_identifier, refuse_in_names
from workshops.tags import check_tags


@pytest.mark.parametrize("name", ["Early help", "#MeToo", "@home", "24/7 care", "case study 2", "short-term funding"])
def test_names_of_things_pass(name):
    refuse_identifier(name)
    check_tags([name])


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("943 476 5919", "“943 476 5919” (an NHS number)"),
        ("rota, ann@example.org", "“ann@example.org” (an e-mail address)"),
        ("OL1 1AA", "“OL1 1AA” (a postcode)"),
    ],
)
def test_tag_and_term_with_an_identifier_are_refused(name, found):
    said = f"{found} cannot stand in a name or an address. Take it out."
    for refuse in (
        lambda: check_tags(["rotas", name]),
        lambda: refuse_in_names(Place._meta.get_field("name"), name),
        lambda: refuse_in_names(ServiceArea._meta.get_field("aliases"), ["Hubs", name]),
    ):
        with pytest.raises(ValidationError) as refusal:
            refuse()
        assert refusal.value.messages == [said]


@pytest.mark.parametrize("credit", ["Ann O'Neil, @annoneil", "Ann (linkedin.com/in/ann)", "The night team, 2nd floor"])
def test_credit_may_be_any_name_that_somebody_chose(credit):
    Story._meta.get_field("credit").run_validators(credit)


@pytest.mark.parametrize("model", [Workshop, Insight])
@pytest.mark.parametrize("key", ["9434765919", "of-943-476-5919", "ab123456c"])
def test_address_with_the_number_of_a_person_is_refused(model, key):
    with pytest.raises(ValidationError):
        model._meta.get_field("slug").run_validators(key)


@pytest.mark.parametrize("key", ["early-help-2020-06-01", "E08000003", "a7mr6p6jjp", "9434765918"])
def test_other_addresses_pass(key):
    Story._meta.get_field("ref").run_validators(key)
