using System.CommandLine;
using DeepNet.Tool.Runs;

namespace DeepNet.Tool;

/// <summary><c>deepnet runs FOLDER…</c>: training runs beside each other.</summary>
internal static class RunsCommand
{
    public static Command Create()
    {
        var folders = new Argument<string[]>("FOLDER")
        {
            Description = "Folders in which runs are, at any depth: those that have checkpoints of a Trainer or the file of a CsvLog.",
            Arity = ArgumentArity.OneOrMore,
        };
        var metric = new Option<string?>("--metric")
        {
            Description = "The figure to compare by [the last one of the validation part, such as val_accuracy].",
        };
        var lower = new Option<bool>("--lower-is-better") { Description = "Its best is the least [for losses and errors]." };
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var html = new Option<string?>("--html")
        {
            Description = "Write a page with the curves of all runs to this file.", HelpName = "FILE",
        };
        var command = new Command("runs", "Compares the histories of training runs.") { folders, metric, lower, json, html };
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var runs = RunFinder.Find(parsed.GetRequiredValue(folders), parsed.InvocationConfiguration.Error.WriteLine);
            var comparison = Comparison.Of(runs, parsed.GetValue(metric), parsed.GetValue(lower) ? true : null);
            if (parsed.GetValue(json)) comparison.WriteJson(output);
            else TextTable.Write(output, comparison.Headers, comparison.Rows);
            if (parsed.GetValue(html) is { } path)
            {
                ComparisonPage.Save(comparison, path);
                if (!parsed.GetValue(json)) output.WriteLine($"\n{path}: the curves");
            }
            return 0;
        });
        return command;
    }
}
