"""Prices on record: seeded from the lists, edited by people, valid from a date."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.usage.price import ADMIN, ALWAYS, FREE, ListedPrice, ModelPrice, Rates, Tier, model_price
from semblance_core.domain.usage.served import Served
from semblance_core.llm.catalogue.listing import Catalogue
from semblance_core.llm.catalogue.prices import PriceBook
from semblance_core.store.usage.pricing import Pricing

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)
LISTED = ListedPrice("openai/one", model_price("1", "0.5", "2"), source="a list", also=("one",))
CATALOGUE = Catalogue()


@pytest.fixture
def pricing(semblance: Semblance) -> Pricing:
    return semblance.store.pricing


def test_a_price_comes_back_as_it_was_put(pricing: Pricing) -> None:
    tier = Tier(200_000, Rates(Decimal("2.5"), Decimal("0.25"), Decimal(15), Decimal(20)))
    price = ModelPrice(Rates(Decimal("1.25"), Decimal("0.125"), Decimal(10)), (tier,))
    listed = ListedPrice("x/y", price, NOW, ADMIN, "admin", ("y",))
    pricing.put(listed)
    assert pricing.of("x/y") == pricing.of("y") == pricing.all() == [listed]


def test_seeding_is_idempotent_and_keeps_what_a_person_set(pricing: Pricing) -> None:
    others = [replace(LISTED, model=f"openai/{name}", also=()) for name in ("two", "three")]
    first = pricing.seed([LISTED, *others], "1", NOW)
    assert (first.added, first.changed, first.kept, first.edited) == (3, 0, 0, 0)
    pricing.put(ListedPrice("openai/two", model_price("9", "9", "9"), NOW, ADMIN, "admin"))
    before = pricing.all()
    again = pricing.seed([LISTED, *others], "1", NOW + A_DAY)
    assert (again.added, again.changed, again.kept, again.edited) == (0, 0, 2, 1)
    assert pricing.all() == before
    assert pricing.edition() == "1"


def test_a_listed_price_that_changes_counts_from_then_on(pricing: Pricing) -> None:
    pricing.seed([LISTED], "1", NOW)
    dearer = replace(LISTED, price=model_price("3", "1", "6"))
    assert pricing.seed([dearer], "2", NOW).changed == 1
    assert pricing.seed([dearer], "2", NOW + A_DAY).changed == 0
    book = PriceBook(pricing, CATALOGUE)
    assert book.price_of("openai/one", NOW - A_DAY) == LISTED.price
    assert book.price_of("one", NOW) == dearer.price


def test_a_price_set_by_a_person_stays_when_the_list_changes(pricing: Pricing) -> None:
    pricing.seed([LISTED], "1", NOW)
    pricing.put(ListedPrice("openai/one", model_price("9", "9", "9"), NOW, ADMIN, "admin", ("one",)))
    pricing.seed([replace(LISTED, price=model_price("3", "1", "6"))], "2", NOW + A_DAY)
    assert PriceBook(pricing, CATALOGUE).price_of("one", NOW + 2 * A_DAY) == model_price("9", "9", "9")


def test_only_what_a_person_set_can_be_removed(pricing: Pricing) -> None:
    pricing.seed([LISTED], "1", NOW)
    assert not pricing.remove("openai/one", ALWAYS)
    pricing.put(ListedPrice("openai/one", model_price("9", "9", "9"), NOW))
    assert pricing.remove("openai/one", NOW)
    assert pricing.of("openai/one") == [LISTED]


def test_an_edit_stands_before_the_lists_price_and_gives_way_to_it_when_it_is_taken_back(pricing: Pricing) -> None:
    pricing.seed([LISTED], "1", NOW)
    pricing.put(ListedPrice("openai/one", model_price("9", "9", "9"), ALWAYS, ADMIN, "admin", ("one",)))
    book = PriceBook(pricing, CATALOGUE)
    assert book.price_of("one", NOW) == model_price("9", "9", "9")
    assert pricing.remove("openai/one", ALWAYS)
    book.forget()
    assert book.price_of("one", NOW) == LISTED.price


def test_two_that_seed_at_once_do_not_stumble_over_each_other(pricing: Pricing) -> None:
    pricing.add_if_absent(LISTED)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: pricing.seed([LISTED, replace(LISTED, model="openai/two")], "1", NOW), range(8)))
    assert len(pricing.all()) == 2


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("bedrock/anthropic.claude-sonnet-4-20250514-v1:0", "anthropic.claude-sonnet-4-20250514-v1:0"),
        ("cohere/command-a-03-2025", "cohere_chat/command-a-03-2025"),
        ("deepseek-chat", "deepseek/deepseek-chat"),
        ("gpt-4o", "openai/gpt-4o"),
    ],
)
def test_a_model_has_one_price_by_whichever_name_it_is_called(name: str, also: str) -> None:
    assert CATALOGUE.listed(name)
    assert CATALOGUE.listed(name) == CATALOGUE.listed(also)


def test_a_listed_model_is_put_on_record_when_it_is_first_used(pricing: Pricing) -> None:
    assert pricing.all() == []
    price = PriceBook(pricing, CATALOGUE).price_of("openai/gpt-4o-mini", NOW)
    assert price
    assert price.base == model_price("0.15", "0.075", "0.6").base
    assert price.at("priority").base == model_price("0.25", "0.125", "1").base
    assert price == PriceBook(pricing, CATALOGUE, fresh_s=0).price_of("openai/gpt-4o-mini", NOW), "as it is stored"
    assert [listed.model for listed in pricing.all()] == ["openai/gpt-4o-mini"]
    assert pricing.all()[0].source.startswith("litellm")


def test_a_changed_price_counts_at_once_here_and_soon_elsewhere(pricing: Pricing) -> None:
    now_s = [0.0]
    book = PriceBook(pricing, CATALOGUE, fresh_s=5, now_s=lambda: now_s[0])
    assert book.price_of("openai/nobodys", NOW) is None
    pricing.put(ListedPrice("openai/nobodys", FREE))
    assert book.price_of("openai/nobodys", NOW) is None
    now_s[0] = 5.1
    assert book.price_of("openai/nobodys", NOW) == FREE
    pricing.put(ListedPrice("openai/nobodys", model_price("1", "1", "1")))
    book.forget()
    assert book.price_of("openai/nobodys", NOW) == model_price("1", "1", "1")


@pytest.mark.parametrize(
    ("model", "prompt", "cached", "completion", "tier"),
    [
        ("openai/gpt-4o-mini", "0.15", "0.075", "0.6", None),
        ("gemini/gemini-2.5-flash", "0.3", "0.03", "2.5", None),
        ("gemini/gemini-2.5-pro", "1.25", "0.125", "10", (200_000, "2.5", "15")),
        ("gemini/gemini-2.0-flash", "0.1", "0.025", "0.4", None),
        ("gemini/gemini-2.0-pro", "1.25", "0.3125", "10", (200_000, "2.5", "15")),
        ("dashscope/qwen-flash", "0.05", "0.05", "0.4", (256_000, "0.25", "2")),
    ],
)
def test_the_lists_hold_what_the_providers_publish(
    model: str, prompt: str, cached: str, completion: str, tier: tuple[int, str, str] | None
) -> None:
    listed = CATALOGUE.listed(model)
    assert listed
    rates = listed.price.base
    assert (rates.prompt, rates.cached, rates.completion) == (Decimal(prompt), Decimal(cached), Decimal(completion))
    tiers = [(each.above, each.rates.prompt, each.rates.completion) for each in listed.price.tiers]
    assert tiers == ([(tier[0], Decimal(tier[1]), Decimal(tier[2]))] if tier else [])


def test_reasoning_that_is_billed_apart_has_its_rate() -> None:
    listed = CATALOGUE.listed("dashscope/qwen-turbo")
    assert listed
    assert (listed.price.base.completion, listed.price.base.reasoning) == (Decimal("0.2"), Decimal("0.5"))


def test_a_zero_in_the_table_is_no_price_but_for_models_of_ones_own() -> None:
    assert CATALOGUE.listed("volcengine/kimi-k2-thinking-251104") is None
    assert CATALOGUE.listed("kimi-k2-thinking-251104") is None
    assert all(listed.price != FREE or CATALOGUE.is_free(listed.model) for listed in CATALOGUE.price_list)


def test_every_listed_name_leads_to_one_price() -> None:
    assert len(CATALOGUE.price_list) > 2_500
    assert len({listed.model for listed in CATALOGUE.price_list}) == len(CATALOGUE.price_list)


def test_a_price_that_was_stored_before_tiers_and_cache_writes_were_read_is_filled_in_its_place(
    pricing: Pricing,
) -> None:
    model = "anthropic/claude-sonnet-4-5"
    whole = CATALOGUE.listed(model)
    assert whole
    database = pricing._prices
    pricing.put(replace(whole, price=ModelPrice(model_price("3", "0.3", "15").base)))
    database.update_one({"model": model}, {"$unset": {"base.written_nano_usd": "", "base.written_hour_nano_usd": ""}})
    (before,) = pricing.of(model)
    assert before.price == model_price("3", "0.3", "15")
    pricing.seed([whole], "now", NOW)
    assert pricing.of(model) == [whole]


def test_a_call_is_priced_by_what_answered_unless_an_administrator_meant_the_name_asked_for(pricing: Pricing) -> None:
    book = PriceBook(pricing, CATALOGUE, fresh_s=0)
    dear, cheap = model_price("2.5", "1.25", "10").base, model_price("0.15", "0.075", "0.6").base
    ours = model_price("7", "7", "7")

    def base(model: str, answered: str) -> Rates | None:
        found = book.price_of(model, NOW, Served(answered))
        return found.base if found else None

    assert base("openai/gpt-4o-mini", "") == cheap
    assert base("openai/gpt-4o-mini", "gpt-4o-2024-08-06") == dear, "another model"
    assert base("openai/gpt-4o-mini", "nobodys") == cheap, "one without a price"
    assert base("azure/my-deployment", "gpt-4o-2024-08-06"), "a deployment whose model is told"
    assert base("openai/nobodys", "nobodys-either") is None
    assert base("ollama/llama3", "gpt-4o") == FREE.base, "one's own machine"
    for model in ("azure/my-deployment", "openai/gpt-4o-mini"):
        pricing.put(ListedPrice(model, ours))
    assert base("azure/my-deployment", "gpt-4o-2024-08-06") == ours.base, "what stands behind a deployment"
    assert base("openai/gpt-4o-mini", "gpt-4o-mini-2024-07-18") == ours.base, "an edition of the same model"
    assert base("openai/gpt-4o-mini", "gpt-4o-2024-08-06") == dear, "another model all the same"
    pricing.put(ListedPrice("openai/gpt-4o-2024-08-06", model_price("1", "1", "1")))
    assert base("openai/gpt-4o-mini", "gpt-4o-2024-08-06") == model_price("1", "1", "1").base
