namespace DeepNet.Tool.Tests;

/// <summary>Runs the command in this process.</summary>
internal static class Deepnet
{
    public static (int ExitCode, string Output, string Errors) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        int exit = DeepNetCommand.Run(arguments, output, errors);
        return (exit, output.ToString().ReplaceLineEndings("\n"), errors.ToString().ReplaceLineEndings("\n"));
    }

    /// <summary>Runs the command, which must end well; returns what it writes.</summary>
    public static string Output(params string[] arguments)
    {
        var (exit, output, errors) = Run(arguments);
        Assert.Equal("", errors);
        Assert.Equal(0, exit);
        return output;
    }
}
