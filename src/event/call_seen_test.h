// Calls as tests make them up.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "event/call_text.h"

namespace socktap {

// Memory that holds numbers of type T, one after the other.
template <typename T>
std::string words(std::initializer_list<T> numbers) {
  std::string bytes(numbers.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), numbers.begin(), bytes.size());
  return bytes;
}

// A C string in memory.
inline std::string text(std::string_view content) { return std::string(content) + '\0'; }

enum class Task { native, compat };

// The form of a call that such a task's call of this name is: the kernel's name, or else what the
// form is called.
inline const tapset::Call& form(std::string_view name, Task task) {
  for (const tapset::Call& call : tapset::calls()) {
    const bool of_task = task == Task::compat ? std::ranges::count(call.compat, name) != 0
                                              : std::ranges::count(call.native, name) != 0;
    if (of_task) return call;
  }
  for (const tapset::Call& call : tapset::calls()) {
    const bool of_task =
        task == Task::compat ? !call.compat.empty() || call.socketcall != 0 : !call.native.empty();
    if (call.shown_name() == name && of_task) return call;
  }
  ADD_FAILURE() << "no call " << name;
  return tapset::calls().front();
}

// A call with its memory: none where it could not be read.
struct Seen {
  std::string_view name;
  std::array<std::uint64_t, 6> arguments{};
  std::optional<std::string> first = std::nullopt;
  std::optional<std::string> second = std::nullopt;
  Task task = Task::native;
  std::int64_t result = 0;

  CallView view() const {
    CallView seen{.call = &form(name, task), .compat = task == Task::compat};
    seen.arguments = arguments;
    if (first) seen.memory[0] = {*first, true};
    if (second) seen.memory[1] = {*second, true};
    seen.result = result;
    return seen;
  }

  // The text of its variable of a name, numbers in decimal.
  std::string value(std::string_view variable) const {
    const tapset::VariableRow* const row = tapset::find_variable(variable);
    if (row == nullptr) return "no such variable";
    const CallView seen = view();
    const tapset::CallVariable* const found = seen.call->find(row->id);
    if (found == nullptr) return "not a variable of this call";
    return row->type == Type::number ? std::to_string(number_of(*found, seen))
                                     : text_of(*found, seen);
  }
};

}  // namespace socktap
