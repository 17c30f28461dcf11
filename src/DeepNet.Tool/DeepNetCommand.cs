using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using DeepNet.IO;

namespace DeepNet.Tool;

/// <summary>The command <c>deepnet</c> with its parts.</summary>
internal static class DeepNetCommand
{
    /// <summary>The exit codes of a command that could not do what it was asked, and of one that was called wrongly.</summary>
    public const int Failed = 1, UsageError = 2;

    /// <summary>Runs the command; the exit code is the result.</summary>
    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        // Not a RootCommand, whose name would be that of the assembly.
        var root = new Command(
            "deepnet", "Looks into files of weights, arrays, models and tables, converts them, and compares training runs.")
        {
            new HelpOption { Recursive = true },
            new VersionOption(),
            InspectCommand.Create(),
            ConvertCommand.Create(),
            RunsCommand.Create(),
        };
        var parsed = root.Parse(arguments);
        // A mistake gets a sentence and the nearest word, instead of a page of help.
        if (parsed.Action is ParseErrorAction mistake) mistake.ShowHelp = false;
        try
        {
            int exit = parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
            return parsed.Errors.Count > 0 ? UsageError : exit;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or FormatException
            or ArgumentException or NotSupportedException)
        {
            error.WriteLine($"deepnet: {Printable.Text(e.Message.Split(" (Parameter")[0])}");
            return Failed;
        }
    }
}
