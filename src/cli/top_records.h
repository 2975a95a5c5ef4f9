// The tables of `top` for machines.
#pragma once

#include <string>
#include <vector>

#include "cli/data_records.h"
#include "tui/table.h"
#include "tui/view.h"

namespace socktap::cli {

// A record for each row of a table; the numbers are what they are, of the whole interval.
DataRecords records_of(const tui::Table& table, const std::vector<const tui::Row*>& rows,
                       const tui::View& view);

// What of them is in CSV: all but the sizes.
std::vector<std::string_view> columns_of(const tui::View& view);

}  // namespace socktap::cli
