// What a script of the run corpus says about its own run, in its comments:
//
//   # expect: LINE          the next line of standard output
//   # warning: TEXT         the next warning
//   # error: TEXT           the run-time error that ends the run
//   # limits: NAME=VALUE    as -D
//   # args: A B             $1 @1 ...
//   # event: send path=sendmsg size=3 pid=7 comm=nc family=2
//                           what happens, in order, as event/event_text.h reads it; times count
//                           up where none is given
//
// They may follow code on its line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "event/event.h"
#include "vm/limits.h"

namespace socktap::tests {

struct ScriptExpectations {
  std::string output;
  std::vector<std::string> warnings;
  std::optional<std::string> error;
  vm::Limits limits;
  std::vector<std::string> arguments;
  std::vector<WholeEvent> events;
  std::vector<std::string> mistakes;  // directives that could not be read
};

ScriptExpectations read_expectations(const std::string& script);

}  // namespace socktap::tests
