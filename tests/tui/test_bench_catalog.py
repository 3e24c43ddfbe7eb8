from tests.spec.shipped import SHIPPED
from tests.tui.bench_lab import library
from tp1tui.tui.bench.catalog import matching, read_questions, section_title


def test_questions_come_in_the_order_of_the_subject_and_own_ones_last() -> None:
    questions = read_questions(library())
    assert [question.id for question in questions] == ["digits", "cd18-baseline", "cd22-crop-mirror", "broken", "fast"]
    assert [section_title(question.file.section) for question in questions][:2] == [
        "Start here",
        "C-D · convnets on CIFAR-10",
    ]
    assert section_title("mine") == "mine"


def test_a_question_is_called_by_its_number_and_an_own_one_by_its_whole_id() -> None:
    assert [question.number for question in read_questions(library())] == ["digits", "cd18", "cd22", "broken", "fast"]


def test_a_preset_that_cannot_be_read_is_listed_with_its_fault() -> None:
    broken = next(question for question in read_questions(library()) if question.id == "broken")
    assert broken.preset is None
    assert "broken.toml" in broken.fault
    assert "lr" in broken.fault
    assert broken.title == "cannot be read"


def test_only_presets_that_are_not_the_programs_own_say_where_they_come_from() -> None:
    origins = {question.id: question.foreign_origin for question in read_questions(library())}
    assert origins["fast"] == "your settings"
    assert origins["cd18-baseline"] == ""


def test_every_word_must_be_found_somewhere_in_id_title_or_section() -> None:
    questions = read_questions(library())
    assert [question.id for question in matching(questions, "CONVNETS wrong")] == ["cd18-baseline"]
    assert [question.id for question in matching(questions, "cd22")] == ["cd22-crop-mirror"]
    assert matching(questions, "") == questions
    assert matching(questions, "nowhere") == []


def test_a_question_comes_before_those_that_only_speak_of_it() -> None:
    found = matching(read_questions(SHIPPED), "cd34")
    assert [question.id for question in found] == ["cd34-batchnorm", "cd30-all-but-one"]
