#include "sinks/text_format.h"

namespace socktap::sinks {

Result<void> TextFormat::write(const Record& record) {
  switch (record.kind) {
    case RecordKind::event:
      line_.clear();
      if (with_heading_ && !has_heading_) line_ = EventLine::heading();
      has_heading_ = true;
      event_line_.append(*record.event, line_);
      return below_.write({RecordKind::output, line_});
    case RecordKind::attached:  // which people are told otherwise
    case RecordKind::loss:
    case RecordKind::handed:
    case RecordKind::moment:
      return {};
    case RecordKind::next_file:
      has_heading_ = false;
      break;
    default:
      break;
  }
  return below_.write(record);
}

}  // namespace socktap::sinks
