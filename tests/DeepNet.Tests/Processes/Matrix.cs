namespace DeepNet.Tests.Processes;

/// <summary>
/// Marks a test of the long matrix: the suite again under other settings of the runtime, builds and packages. It runs where
/// DEEPNET_TEST_MATRIX is 1, as in .ci/run, and is skipped elsewhere and in the processes that such tests start.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MatrixFactAttribute : FactAttribute
{
    public MatrixFactAttribute() => Skip = Matrix.SkipReason;
}

/// <summary>Marks a theory of the long matrix, as <see cref="MatrixFactAttribute"/> does a fact.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MatrixTheoryAttribute : TheoryAttribute
{
    public MatrixTheoryAttribute() => Skip = Matrix.SkipReason;
}

internal static class Matrix
{
    /// <summary>The trait of tests of the matrix outside this folder, by which .ci/run finds them.</summary>
    public const string Trait = "Runs", Long = "long";

    /// <summary>Gets the reason that a test of the matrix is skipped for; null where it runs.</summary>
    public static string? SkipReason =>
        ChildProcess.IsChild ? "started by a test of the matrix"
        : Environment.GetEnvironmentVariable("DEEPNET_TEST_MATRIX") != "1" ? "part of the long matrix: DEEPNET_TEST_MATRIX=1 dotnet test"
        : null;
}
