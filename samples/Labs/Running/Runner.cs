using DeepNet.Labs.Running.Race;

namespace DeepNet.Labs.Running;

/// <summary>Runs what the command line asks for.</summary>
internal static class Runner
{
    private const int Holds = 0, Fails = 1, Misused = 2;

    public static int Run(
        IReadOnlyList<string> arguments, TextWriter output, TextWriter errors, bool isWatched = false,
        CancellationToken cancellation = default)
    {
        CommandLine? asked;
        try
        {
            asked = CommandLine.Parse(arguments);
        }
        catch (UsageException e)
        {
            errors.WriteLine($"labs: {e.Message} See --help.");
            return Misused;
        }
        if (asked is null)
        {
            output.WriteLine(CommandLine.Help);
            return arguments.Count == 0 ? Misused : Holds;
        }
        var screen = new Screen(output, isWatched);
        if (asked.Command == "list")
        {
            screen.List(Catalogue.Topics, asked.ShowMutations);
            return Holds;
        }
        if (asked.Command == "paths")
        {
            output.WriteLine(RaceWidget.Data(every: 1));
            return Holds;
        }
        try
        {
            return asked.Command == "serve" ? Serve(asked, screen, cancellation) : Run(asked, screen, cancellation);
        }
        catch (OperationCanceledException)
        {
            errors.WriteLine("labs: cancelled.");
            return Fails;
        }
        catch (IOException e)
        {
            errors.WriteLine($"labs: {e.Message}");
            return Fails;
        }
    }

    private static int Run(CommandLine asked, Screen screen, CancellationToken cancellation)
    {
        bool inDetail = asked.Command == "run";
        var chapters = new List<Chapter>();
        foreach (var lab in asked.Labs)
        {
            screen.Begin(lab, chapters.Count + 1, asked.Labs.Count, inDetail);
            var result = LabResult.Of(lab, asked.Size, asked.Mutation, asked.Seed, inDetail ? screen.Show : null, screen, cancellation);
            screen.End(result, inDetail);
            // The page shows each way to spoil the experiment beside it; small runs are enough to see what breaks.
            bool isShown = asked.Out is not null && asked.Mutation is null;
            LabResult Spoil(string mutation) => LabResult.Of(lab, LabSize.Reduced, mutation, asked.Seed, null, screen, cancellation);
            chapters.Add(new(result, isShown ? [.. lab.Mutations.Select(m => new Spoilt(m, Spoil(m)))] : []));
            screen.Erase();
        }
        int failed = chapters.Count(c => !c.Result.Holds);
        if (chapters.Count > 1)
            screen.Line(
                $"\n{chapters.Count - failed} of {chapters.Count} claims hold, {chapters.Sum(c => c.Result.Time.TotalSeconds):0} s.");
        if (asked.Out is not null) screen.Line($"The atlas is {Atlas.Save(chapters, asked.Out)}.");
        return failed == 0 ? Holds : Fails;
    }

    private static int Serve(CommandLine asked, Screen screen, CancellationToken cancellation)
    {
        var made = asked.Out is null ? Directory.CreateTempSubdirectory("labs") : null;
        try
        {
            string folder = asked.Out ?? made!.FullName;
            if (!File.Exists(Path.Combine(folder, "index.html"))) Run(asked with { Out = folder }, screen, cancellation);
            using var server = new PageServer(folder, asked.Port);
            screen.Line($"The atlas is at {server.Url}, on this machine alone. Ctrl+C ends it.");
            server.RunAsync(cancellation).GetAwaiter().GetResult();
            return Holds;
        }
        finally
        {
            made?.Delete(recursive: true);
        }
    }
}
