"""The mock's own statement of the platforms' rules, read from their documents.

Pure functions and tables: `model` (rule, finding), `rows` (how one is written) and `fixes` (what to
do about each).

Meta: `catalogue` (every rule with its id, severity and document), then one module a subject:
`fields` (schema), `time_windows`, `hashing`, `plain_keys`, `user_data`, `custom_data`,
`currencies`, `context`, `limited_data_use`, and `dedup`.

Google: `google_world` (accounts, actions, clicks, windows), `google_reasons` (its closed sets),
`google_proto` and `google_json` (messages, and how JSON is read as one). The Data Manager:
`google_events_messages`, `google_catalogue` and `google_field_catalogue`, `google_request` down to
`google_event`, `google_identifiers` and `google_optional_fields`, then `google_processing`. Google
Ads: `google_ads_messages`, `google_ads_catalogue`, `google_ads_row`, and a module for each upload.

Our own lint: `normal_forms` and `mistakes` of values, `shoppers` and `known` (what a workspace was
told), `lint_catalogue`, `lint_identity`, `lint_money`, `personal_data`, and a module for each API:
`lint_meta`, `lint_data_manager`, `lint_google_ads`.

Nothing here is shared with the bridge: two readings of one document catch each other's mistakes.
"""
