// What can stand where help calls the value of an option FILE, FAMILY and so on.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "manual/command_model.h"

namespace socktap::manual {

struct ValueKind {
  enum class From {
    words,  // those in `words`
    files,
    scripts,  // files, above all *.stp
    processes,
    users,
    commands,
    points,   // probe points, which `socktap list -l` knows
    anything  // nothing can be proposed
  };
  From from = From::anything;
  std::vector<std::string> words;
  bool is_list = false;  // several may be joined by commas
};

// "text|json|csv" are words; else a row of a table says it. nullopt: nobody has said it yet, which
// a test does not let pass.
std::optional<ValueKind> find_value_kind(std::string_view name);

// Of the option's value; one that nobody knows is anything.
ValueKind kind_of(const OptionModel& option);

}  // namespace socktap::manual
