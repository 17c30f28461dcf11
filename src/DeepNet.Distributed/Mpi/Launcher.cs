using System.Globalization;

namespace DeepNet.Distributed.Mpi;

/// <summary>Represents what the environment says of who started the process, and as one of how many.</summary>
/// <param name="Name">The launcher, for messages.</param>
/// <param name="Ranks">The number of processes; 0 if it is not said.</param>
/// <param name="IsOpenMpi">Whether Open MPI's library is the one that understands it; MPICH's otherwise.</param>
internal sealed record Launcher(string Name, int Ranks, bool IsOpenMpi)
{
    /// <summary>Finds the launcher; null if the process was started by itself.</summary>
    public static Launcher? Find() => Find(Environment.GetEnvironmentVariable);

    internal static Launcher? Find(Func<string, string?> variable)
    {
        if (variable("OMPI_COMM_WORLD_SIZE") is { } open) return new("Open MPI's mpirun", Number(open), true);
        if (variable("PMIX_RANK") is not null)
            return new("a PMIx launcher such as srun --mpi=pmix", Number(variable("SLURM_NTASKS")), true);
        if ((variable("PMI_SIZE") ?? variable("PMI_RANK")) is not null) return new("MPICH's mpirun", Number(variable("PMI_SIZE")), false);
        if (variable("PMI_FD") is not null) return new("a PMI launcher such as srun --mpi=pmi2", Number(variable("SLURM_NTASKS")), false);
        return null;
    }

    private static int Number(string? text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
}
