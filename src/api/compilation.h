// The scripts and subscriptions of a session as one script.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "language/language.h"
#include "session/script.h"
#include "socktap/session.h"
#include "tapset/field.h"

namespace socktap::api {

struct Text {
  std::string name, text;
};

// What the user has added.
struct Contents {
  std::vector<Text> scripts;
  std::vector<Subscription> subscriptions;
};

struct Compilation {
  session::Script script;
  struct Parts {
    std::uint32_t points, condition;
  };
  std::vector<Parts> subscriptions;  // the texts of each, beside those of the script
  language::TypedProgram program;
  Diagnostics diagnostics;  // warnings only

  std::string render(const Diagnostic& diagnostic) const;  // without a newline at its end
};

enum class Purpose : std::uint8_t {
  check,  // more may be added: what the globals are and whether there are probes is left open
  run,
};

// Fails with all mistakes as the message.
Result<std::unique_ptr<Compilation>> compile(const Contents& contents, const Options& options,
                                             Purpose purpose);

// What is to be captured for the last subscription. Fails if none of its points has one of its
// variables, or its condition asks for a variable that nobody sets.
Result<tapset::FieldSet> check_last_subscription(const Subscription& subscription,
                                                 const Compilation& compilation);

}  // namespace socktap::api
