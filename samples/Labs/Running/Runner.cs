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
        try
        {
            return Run(asked, screen, cancellation);
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
        var results = new List<LabResult>();
        foreach (var lab in asked.Labs)
        {
            screen.Begin(lab, results.Count + 1, asked.Labs.Count, inDetail);
            var result = LabResult.Of(lab, asked.Size, asked.Mutation, asked.Seed, inDetail ? screen.Show : null, screen, cancellation);
            screen.End(result, inDetail);
            results.Add(result);
        }
        int failed = results.Count(r => !r.Holds);
        if (results.Count > 1)
            screen.Line($"\n{results.Count - failed} of {results.Count} claims hold, {results.Sum(r => r.Time.TotalSeconds):0} s.");
        if (asked.Out is not null) screen.Line($"The atlas is {Atlas.Save(results, asked.Out)}.");
        return failed == 0 ? Holds : Fails;
    }
}
