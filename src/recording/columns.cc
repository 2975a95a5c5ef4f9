#include "recording/columns.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <vector>

namespace socktap::recording {
namespace {

using tapset::Field;
using tapset::FieldSet;
using tapset::Operation;

// What a recording leaves out: the system calls', and what only says what an address is.
constexpr FieldSet without_columns{Field::call_number, Field::arguments, Field::capture_0,
                                   Field::capture_1};

// Columns are called as scripts call what is in them.
std::string name_of(Field field) {
  switch (field) {
    case Field::task:
      return "pid";
    case Field::parent:
      return "ppid";
    case Field::local_address:
      return "local_addr";
    case Field::remote_address:
      return "remote_addr";
    case Field::unix_path:
      return "path";
    default:
      return std::string(tapset::field_names[static_cast<std::size_t>(field)]);
  }
}

Column column_of(Field field) {
  const bool is_address = field == Field::local_address || field == Field::remote_address;
  const FieldLayout layout = layout_of(field);
  return {name_of(field),
          is_address       ? Column::Kind::address
          : layout.is_text ? Column::Kind::text
                           : Column::Kind::number,
          layout, field};
}

std::vector<Column> make_columns() {
  using enum Column::Kind;
  std::vector<Column> columns{
      {"operation", number, {offsetof(Event, operation), 1, false, false}, std::nullopt},
      {"phase", number, {offsetof(Event, phase), 1, false, false}, std::nullopt},
      {"way", number, {offsetof(Event, path), 1, false, false}, std::nullopt}};
  for (int i = 0; i < tapset::field_count; ++i) {
    const auto field = static_cast<Field>(i);
    if (without_columns.contains(field)) continue;
    columns.push_back(column_of(field));
    if (field == Field::task) columns.push_back({"tid", number, tid_layout, field});
  }
  return columns;
}

bool is_of_packet(Operation operation) {
  return operation == Operation::net_transmit || operation == Operation::net_receive ||
         operation == Operation::segment;
}

void* place(const Column& column, WholeEvent& whole) {
  return reinterpret_cast<char*>(&whole) + column.layout.offset;
}

template <typename T>
bool store_as(std::int64_t number, void* place) {
  const auto narrow = static_cast<T>(number);
  std::memcpy(place, &narrow, sizeof narrow);
  return static_cast<std::int64_t>(narrow) == number;
}

}  // namespace

std::span<const Column> columns() {
  static const std::vector<Column> all = make_columns();
  return all;
}

FieldSet fields_without_columns() { return without_columns; }

bool applies(const Column& column, Operation operation) {
  if (column.field == Field::dev_name || column.field == Field::truesize)
    return is_of_packet(operation);
  if (column.field == Field::latency || column.field == Field::state)
    return !is_of_packet(operation);
  return true;
}

bool store(const Column& column, std::int64_t number, WholeEvent& whole) {
  if (column.kind != Column::Kind::number) return false;
  void* const to = place(column, whole);
  const bool is_signed = column.layout.is_signed;
  switch (column.layout.width) {
    case 1:
      return is_signed ? store_as<std::int8_t>(number, to) : store_as<std::uint8_t>(number, to);
    case 2:
      return is_signed ? store_as<std::int16_t>(number, to) : store_as<std::uint16_t>(number, to);
    case 4:
      return is_signed ? store_as<std::int32_t>(number, to) : store_as<std::uint32_t>(number, to);
    default:
      return store_as<std::int64_t>(number, to);
  }
}

bool store(const Column& column, std::string_view text, WholeEvent& whole) {
  if (column.kind == Column::Kind::address) {
    unsigned char address[16] = {};
    const int family = text.find(':') == std::string_view::npos ? AF_INET : AF_INET6;
    if (::inet_pton(family, std::string(text).c_str(), address) != 1) return false;
    std::memcpy(place(column, whole), address, sizeof address);
    return true;
  }
  if (column.kind != Column::Kind::text || text.size() > column.layout.width) return false;
  text.copy(static_cast<char*>(place(column, whole)), text.size());
  return true;
}

}  // namespace socktap::recording
