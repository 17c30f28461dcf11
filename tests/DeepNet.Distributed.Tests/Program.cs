using DeepNet.Distributed.Tests.Processes;

namespace DeepNet.Distributed.Tests;

/// <summary>
/// What runs in each process that a launcher starts: <c>mpirun -n 2 dotnet DeepNet.Distributed.Tests.dll collectives</c>.
/// </summary>
internal static class Program
{
    public static int Main(string[] args) => Distributed.Run(world => RankPrograms.All[args[0]](world));
}
