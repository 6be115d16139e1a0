import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.identity.full_name import split_name


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Mary Smith", "Mary", "Smith"),
        ("  Mary   Ann  Smith ", "Mary", "Smith"),
        ("Ludwig van Beethoven", "Ludwig", "van Beethoven"),
        ("Anna Maria de la Cruz", "Anna", "de la Cruz"),
        ("Van Morrison", "Van", "Morrison"),
        ("Smith, John", "John", "Smith"),
        ("van der Berg, Jan Piet", "Jan", "van der Berg"),
        ("John Smith, Jr.", "John", "Smith"),
        ("Dr. Anna Müller", "Anna", "Müller"),
        ("Herr Prof. Hans Maier PhD", "Hans", "Maier"),
        ("山田 太郎", "太郎", "山田"),
        ("王\u3000小明", "小明", "王"),
    ],
)
def test_a_full_name_is_split_into_first_and_last(name: str, first: str, last: str) -> None:
    assert split_name(name) == (first, last)


@pytest.mark.parametrize("name", ["", " ", "Madonna", "Dr. Müller", "山田太郎", ",", "Mr. Jr."])
def test_one_word_is_neither_first_nor_last_name(name: str) -> None:
    assert split_name(name) is None


@given(
    st.text(st.one_of(st.characters(exclude_categories=()), st.sampled_from(", .")), max_size=20)
)
def test_any_text_is_split_into_two_parts_or_not_at_all(name: str) -> None:
    split = split_name(name)
    assert split is None or all(split)
