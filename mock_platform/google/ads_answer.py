"""What an upload to Google Ads is answered: 200, with the rows that failed and an empty result."""

from collections.abc import Iterator, Sequence
from typing import Any

from mock_platform.google.ads_errors import AdsError, failure, new_request_id
from mock_platform.google.ads_upload import Kind, Row, generated_job_id
from mock_platform.google.answer import Answer, document
from mock_platform.google.call import Call
from mock_platform.rules.google_proto import camel

_INVALID_ARGUMENT = 3


def answer_rows(call: Call, kind: Kind, rows: Sequence[Row], version: str, number: int) -> Answer:
    """The answer to rows that were judged; `number` is the first row's event."""
    request_id = new_request_id()
    told: dict[str, Any] = {}
    errors = list(_errors(kind, rows))
    if errors:
        told["partialFailureError"] = {
            "code": _INVALID_ARGUMENT,
            "message": f"{errors[0].message}, at {kind.rows}[{errors[0].path[1]}]",
            "details": [failure(errors, version, request_id)],
        }
    if not call.read.get("validate_only"):
        told["results"] = [
            {} if row.rejecting else _echo(read, kind)
            for row, read in zip(rows, call.read[kind.rows], strict=True)
        ]
    told["jobId"] = str(call.read.get("job_id") or generated_job_id(number))
    return document(told, headers={"request-id": request_id})


def _errors(kind: Kind, rows: Sequence[Row]) -> Iterator[AdsError]:
    for index, row in enumerate(rows):
        for finding in row.rejecting:
            yield AdsError(
                answer=finding.rule.error,
                message=finding.message or finding.rule.explanation,
                path=(kind.rows, index, *finding.path),
            )


def _echo(row: dict[str, Any], kind: Kind) -> dict[str, Any]:
    given = {name: row[name] for name in kind.echoed if row.get(name)}
    echoed: dict[str, Any] = _camel(given)
    return echoed


def _camel(read: Any) -> Any:
    """What was read, with its names as JSON has them."""
    if isinstance(read, dict):
        return {camel(name): _camel(value) for name, value in read.items()}
    return [_camel(each) for each in read] if isinstance(read, list) else read
