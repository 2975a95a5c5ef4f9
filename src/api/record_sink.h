// From the records of a run to a sink and handlers of the library's users.
#pragma once

#include <exception>
#include <optional>
#include <vector>

#include "sinks/sink.h"
#include "sinks/text_format.h"
#include "sinks/text_sink.h"
#include "socktap/session.h"
#include "socktap/sink.h"

namespace socktap::api {

class RecordSink : public sinks::Sink {
 public:
  // Both are borrowed. Without a sink output goes to standard output and standard error, as text. A
  // handler's place is the channel of its events.
  RecordSink(socktap::Sink* sink, const std::vector<Handler>& handlers);

  Result<void> write(const Record& record) override;
  Result<void> flush() override;

  // Throws on what a handler or the sink threw, if one did; nothing is passed on any more then.
  void rethrow() const;

 private:
  Result<void> pass_on(const Record& record);
  Result<void> print(const Record& record);
  Result<void> without_throwing(auto call);

  socktap::Sink* sink_;
  const std::vector<Handler>& handlers_;
  sinks::TextSink text_;
  sinks::TextFormat format_;
  std::exception_ptr thrown_;
};

}  // namespace socktap::api
