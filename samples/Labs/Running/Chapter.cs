namespace DeepNet.Labs.Running;

/// <summary>Represents what the page says about a lab: its run, and runs that were spoilt.</summary>
internal sealed record Chapter(LabResult Result, IReadOnlyList<Spoilt> Spoilt)
{
    public Lab Lab => Result.Lab;
}

/// <summary>Represents a run that a mutation spoilt, at reduced size.</summary>
internal sealed record Spoilt(string Mutation, LabResult Result);
