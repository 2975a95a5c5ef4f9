#include "api/record_sink.h"

#include <unistd.h>

namespace socktap::api {

RecordSink::RecordSink(socktap::Sink* sink, const std::vector<Handler>& handlers)
    : sink_(sink),
      handlers_(handlers),
      text_(STDOUT_FILENO, STDERR_FILENO),
      format_(text_, /*in_color=*/false, /*with_heading=*/false) {}

Result<void> RecordSink::without_throwing(auto call) {
  if (thrown_) return failure("a handler or the sink has thrown");
  try {
    return call();
  } catch (...) {
    thrown_ = std::current_exception();
    return failure("a handler or the sink has thrown");
  }
}

Result<void> RecordSink::write(const Record& record) {
  return without_throwing([&] { return pass_on(record); });
}

Result<void> RecordSink::flush() {
  return without_throwing([&] { return sink_ == nullptr ? format_.flush() : sink_->flush(); });
}

Result<void> RecordSink::pass_on(const Record& record) {
  if (record.kind == RecordKind::handed) {
    if (record.count < handlers_.size()) handlers_[record.count](EventView(*record.event));
    return {};
  }
  if (sink_ == nullptr) return print(record);
  switch (record.kind) {
    case RecordKind::output:
      return sink_->output(record.text);
    case RecordKind::warning:
      return sink_->warning(record.text);
    case RecordKind::error:
      return sink_->error(record.text);
    case RecordKind::event:
      return sink_->event(EventView(*record.event));
    case RecordKind::loss:
      return sink_->lost(record.loss, record.count);
    case RecordKind::handed:
    case RecordKind::next_file:
    case RecordKind::attached:
    case RecordKind::moment:
      return {};
  }
  return {};
}

Result<void> RecordSink::print(const Record& record) {
  if (record.kind == RecordKind::loss)
    return format_.write({RecordKind::warning, sentence(record.loss, record.count)});
  return format_.write(record);
}

void RecordSink::rethrow() const {
  if (thrown_) std::rethrow_exception(thrown_);
}

}  // namespace socktap::api
