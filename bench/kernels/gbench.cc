// SPDX-License-Identifier: MIT
//
// The one file in C++: what gbench.h promises, by Google Benchmark 1.7 or newer.

extern "C" {
#include "gbench.h"
}

#include <benchmark/benchmark.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

using benchmark::Counter;
using std::chrono::steady_clock;

struct gbench {
    benchmark::State &state;
    steady_clock::time_point start = {};
    double seconds = 0.0; // of all turns, once they are done
    bool started = false;
};

static bool failed = false; // some row was an error

void gbench_register(const char *name, void (*run)(struct gbench *row, void *context),
                     const void *context, size_t size)
{
    const char *bytes = static_cast<const char *>(context);
    auto copy = std::make_shared<std::vector<char>>(bytes, bytes + size);
    auto call = [run, copy](benchmark::State &state) {
        struct gbench row = {state};
        run(&row, copy->data());
    };
    benchmark::RegisterBenchmark(name, call)
        ->UseRealTime()
        ->MeasureProcessCPUTime()
        ->Unit(benchmark::kMicrosecond);
}

bool gbench_next(struct gbench *row)
{
    if (!row->started) {
        row->started = true;
        row->start = steady_clock::now();
    }
    if (row->state.KeepRunning())
        return true;
    row->seconds = std::chrono::duration<double>(steady_clock::now() - row->start).count();
    return false;
}

double gbench_seconds(const struct gbench *row)
{
    return row->seconds / static_cast<double>(row->state.iterations());
}

static void set_counter(struct gbench *row, const char *name, double value, Counter::Flags flags)
{
    if (std::isfinite(value))
        row->state.counters[name] = Counter(value, flags);
    else
        gbench_error(row, (std::string(name) + " is not finite").c_str());
}

void gbench_counter(struct gbench *row, const char *name, double value)
{
    set_counter(row, name, value, Counter::kDefaults);
}

void gbench_rate(struct gbench *row, const char *name, double per_turn)
{
    set_counter(row, name, per_turn, Counter::kIsIterationInvariantRate);
}

void gbench_label(struct gbench *row, const char *text)
{
    row->state.SetLabel(text);
}

void gbench_error(struct gbench *row, const char *text)
{
    failed = true;
    row->state.SkipWithError(text);
}

void gbench_context(const char *key, const char *value)
{
    benchmark::AddCustomContext(key, value);
}

namespace
{

// Hands on what the library reports, with the names that were registered. It also leaves out what
// is not finite: the coefficient of variation of a counter that is always 0, which JSON cannot say.
class Report : public benchmark::BenchmarkReporter
{
  public:
    explicit Report(BenchmarkReporter *reporter) : to(reporter)
    {
    }

    bool ReportContext(const Context &context) override
    {
        Context narrow(context);
        narrow.name_field_width -= std::strlen("/process_time/real_time");
        to->SetOutputStream(&GetOutputStream());
        to->SetErrorStream(&GetErrorStream());
        return to->ReportContext(narrow);
    }

    void ReportRuns(const std::vector<Run> &runs) override
    {
        std::vector<Run> rows(runs);
        for (Run &row : rows) {
            row.run_name.time_type.clear();
            for (auto it = row.counters.begin(); it != row.counters.end();)
                it = std::isfinite(it->second.value) ? std::next(it) : row.counters.erase(it);
        }
        to->ReportRuns(rows);
    }

    void Finalize() override
    {
        to->Finalize();
    }

  private:
    BenchmarkReporter *to; // belongs to the caller
};

// The value of an option as the library will see it: the last one given, or the variable.
std::string option_value(const std::vector<char *> &options, const char *option,
                         const char *variable)
{
    const char *set = std::getenv(variable);
    std::string value = set != nullptr ? set : "";
    std::string start = std::string("--") + option + "=";
    for (const char *text : options)
        if (text != nullptr && std::strncmp(text, start.c_str(), start.size()) == 0)
            value = text + start.size();
    return value;
}

} // namespace

int gbench_main(int argc, char **argv, const struct gbench_default *defaults, size_t count)
{
    std::vector<char *> options = {argv[0]}; // the last one of an option counts
    for (size_t i = 0; i < count; i++)
        if (std::getenv(defaults[i].variable) == nullptr)
            options.push_back(const_cast<char *>(defaults[i].option));
    options.insert(options.end(), argv + 1, argv + argc + 1); // with the NULL at the end
    std::string file = option_value(options, "benchmark_out", "BENCHMARK_OUT");
    std::string format = option_value(options, "benchmark_out_format", "BENCHMARK_OUT_FORMAT");

    int left = static_cast<int>(options.size()) - 1;
    benchmark::Initialize(&left, options.data());
    if (benchmark::ReportUnrecognizedArguments(left, options.data()))
        return 2;
    Report shown(benchmark::CreateDefaultDisplayReporter());
    benchmark::JSONReporter json;
    Report written(&json);
    bool writes_json = !file.empty() && (format.empty() || format == "json");
    benchmark::RunSpecifiedBenchmarks(&shown, writes_json ? &written : nullptr);
    benchmark::Shutdown();
    return failed ? 1 : 0;
}
