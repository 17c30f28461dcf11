namespace DeepNet.RandomPrograms;

/// <summary>The ways in which a program can be found wrong.</summary>
internal enum FailureKind
{
    Gradient,
    Bits,
    Exception,
}

/// <summary>A fault that a program shows.</summary>
internal sealed record Failure(FailureKind Kind, string Detail)
{
    /// <summary>True for the same kind of fault: exceptions must have the same type and begin alike.</summary>
    public bool IsLike(Failure other) => Kind == other.Kind && (Kind != FailureKind.Exception || Beginning == other.Beginning);

    private string Beginning => Detail.Split(']', '\n')[0];

    public override string ToString() => $"{Kind}: {Detail}";
}
