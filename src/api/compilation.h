// The scripts and subscriptions of a session as one script.
#pragma once

#include <cstdint>
#include <memory>
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

// What runs a handler of the user's for what the subscription says.
Text text_of(const Subscription& subscription, std::size_t handler);

struct Compilation {
  session::Script script;
  language::TypedProgram program;
  Diagnostics diagnostics;  // warnings only

  std::string render(const Diagnostic& diagnostic) const;  // without a newline at its end
};

// Its parts point to each other, so it stays where it is. Fails with all mistakes as the message.
Result<std::unique_ptr<Compilation>> compile(const std::vector<Text>& texts,
                                             const Options& options);

// What is to be captured for a subscription whose text is the last one. Fails if none of its points
// has one of its variables, or its condition asks for a variable that nobody sets.
Result<tapset::FieldSet> check_subscription(const Subscription& subscription,
                                            const Compilation& compilation);

}  // namespace socktap::api
