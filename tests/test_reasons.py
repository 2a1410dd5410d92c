"""Reasons in words: there is one for each rule of the checker."""

from exactrelu import checker
from exactrelu.certificate import Decision
from exactrelu.point import QUESTIONS
from exactrelu.reports import reasons


def test_each_rule_of_the_checker_has_a_reason_in_words():
    rules = {(question, rule) for question, _, rule in checker.RULES}
    assert rules
    assert rules <= set(reasons.RULES)


def test_each_question_has_words():
    assert set(reasons.QUESTIONS) == set(QUESTIONS)


def test_a_descent_is_told_with_its_order_coefficient_and_better_point():
    proof = {"order": 2, "coefficient": "-1/4", "better": {"t": "1/2", "loss": "3/7"}}
    text = reasons.reason(Decision("local_minimum", "no", "descent", proof))
    assert "−1/4 t²" in text and "At t = 1/2 it is 3/7." in text
