#include "manual/value_kinds.h"

#include <algorithm>
#include <iterator>
#include <span>

#include "base/errno_names.h"
#include "base/split.h"
#include "cli/trace_filters.h"
#include "session/limits.h"
#include "socktap/tapset.h"
#include "sources/ebpf/strategy.h"

namespace socktap::manual {
namespace {

using From = ValueKind::From;
using Words = std::vector<std::string>;

template <std::span<const NumberName> table()>
Words names() {
  Words words;
  for (const NumberName& row : table()) words.emplace_back(row.name);
  return words;
}
std::span<const NumberName> family_table() { return families; }
std::span<const NumberName> type_table() { return types; }
std::span<const NumberName> protocol_table() { return protocols; }

Words errnos() {
  constexpr std::uint64_t most = 4095;
  Words words;
  for (std::uint64_t code = 1; code <= most; ++code)
    if (const auto name = errno_name(code); !name.empty()) words.emplace_back(name);
  return words;
}

Words operations() {
  const auto names = cli::operation_names();
  return {names.begin(), names.end()};
}

Words strategies() {
  Words words;
  for (const auto& strategy : sources::ebpf::strategies()) words.emplace_back(strategy.name);
  std::ranges::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

Words limits() {
  Words words;
  for (const session::LimitRow& row : session::limit_rows())
    words.push_back(std::string(row.name) + "=");
  return words;
}

struct Row {
  std::string_view name;
  From from;
  Words (*words)() = nullptr;
};

constexpr Row rows[] = {
    {"FILE", From::files},
    {"FILE ARGS", From::scripts},
    {"PID", From::processes},
    {"USER", From::users},
    {"CMD", From::commands},
    {"PATTERN", From::points},
    {"POINT", From::points},
    {"FAMILY", From::words, names<family_table>},
    {"TYPE", From::words, names<type_table>},
    {"PROTOCOL", From::words, names<protocol_table>},
    {"OPERATION", From::words, operations},
    {"ERRNO", From::words, errnos},
    {"STRATEGY", From::words, strategies},
    {"LIMIT=VALUE", From::words, limits},
    {"NAME=VALUE", From::anything},
    {"NAME", From::anything},
    {"SCRIPT", From::anything},
    {"SECONDS", From::anything},
    {"BYTES", From::anything},
    {"MB", From::anything},
    {"PORT", From::anything},
    {"CGROUP", From::anything},
    {"FILES", From::anything},
    {"TIMES", From::anything},
};

Words words_of(std::string_view text) {
  const auto parts = split(text, '|');
  return {parts.begin(), parts.end()};
}

}  // namespace

std::optional<ValueKind> find_value_kind(std::string_view name) {
  constexpr std::string_view more = ",...";
  const bool is_list = name.ends_with(more);
  if (is_list) name.remove_suffix(more.size());
  if (name.find('|') != std::string_view::npos)
    return ValueKind{From::words, words_of(name), is_list};
  const auto found = std::ranges::find(rows, name, &Row::name);
  if (found == std::end(rows)) return std::nullopt;
  return ValueKind{found->from, found->words != nullptr ? found->words() : Words(), is_list};
}

ValueKind kind_of(const OptionModel& option) {
  return find_value_kind(option.value).value_or(ValueKind{});
}

}  // namespace socktap::manual
