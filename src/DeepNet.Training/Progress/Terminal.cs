namespace DeepNet.Training;

/// <summary>Whether somebody watches who likes things to move.</summary>
internal static class Terminal
{
    public static bool IsInteractive
        => !Console.IsOutputRedirected && !IsSet("NO_COLOR") && !IsSet("CI") && Environment.GetEnvironmentVariable("TERM") != "dumb";

    private static bool IsSet(string name) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name));
}
