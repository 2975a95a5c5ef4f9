// print and its kin: ten names whose parts say what they do.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace socktap::language::semantics {

struct PrintForm {
  std::string_view name;
  bool to_string;  // s...
  bool has_format;
  bool has_delimiter;
  bool newline;
};

inline constexpr PrintForm print_forms[] = {
    {"print", false, false, false, false},  {"println", false, false, false, true},
    {"printd", false, false, true, false},  {"printdln", false, false, true, true},
    {"printf", false, true, false, false},  {"sprint", true, false, false, false},
    {"sprintln", true, false, false, true}, {"sprintd", true, false, true, false},
    {"sprintdln", true, false, true, true}, {"sprintf", true, true, false, false},
};

constexpr const PrintForm* find_print(std::string_view name) {
  for (const PrintForm& form : print_forms)
    if (form.name == name) return &form;
  return nullptr;
}

constexpr bool is_print(std::string_view name) { return find_print(name) != nullptr; }

}  // namespace socktap::language::semantics
