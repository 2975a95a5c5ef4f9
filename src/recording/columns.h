// The columns of a recording's events, each of which is a field of the record, or a part of what
// identifies it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "event/event.h"

namespace socktap::recording {

struct Column {
  enum class Kind : std::uint8_t { number, text, address };

  std::string name;
  Kind kind;
  FieldLayout layout;
  std::optional<tapset::Field> field;  // that it belongs to; none: every event has it
};

// All of them, in their order in the table.
std::span<const Column> columns();

// Whether events of the operation have the column: parts of the record mean different things.
bool applies(const Column& column, tapset::Operation operation);

// Fields that have no columns.
tapset::FieldSet fields_without_columns();

// Writes a number of a column into the record; false: it does not fit.
bool store(const Column& column, std::int64_t number, WholeEvent& whole);

// The same of a text or an IP address.
bool store(const Column& column, std::string_view text, WholeEvent& whole);

}  // namespace socktap::recording
