namespace DeepNet.RandomPrograms;

/// <summary>All checks of one program.</summary>
internal static class ProgramCheck
{
    public static Failure? Of(RandomProgram program, out bool isJudged)
    {
        isJudged = true;
        try
        {
            return (program.IsSmooth ? GradientCheck.Of(program, out isJudged) : null) ?? BitCheck.Of(program);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new(FailureKind.Exception, $"{e.GetType().Name}: {e.Message}\n{e.StackTrace}");
        }
    }
}
