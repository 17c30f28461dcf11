namespace DeepNet.Training;

/// <summary>Detects whether the output is a terminal that can redraw lines.</summary>
internal static class Terminal
{
    public static bool IsInteractive
        => !Console.IsOutputRedirected && !IsSet("NO_COLOR") && !IsSet("CI") && Environment.GetEnvironmentVariable("TERM") != "dumb";

    private static bool IsSet(string name) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name));
}
