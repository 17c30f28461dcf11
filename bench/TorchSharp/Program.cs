using System.Globalization;
using DeepNet.Bench.Anchor;

// Started by `bench -- compare` with the number of threads.
StandardLibrary.Adapt();
switch (args)
{
    case ["first-step"]: return FirstStep.Take();
    case [var threads] when int.TryParse(threads, NumberStyles.None, CultureInfo.InvariantCulture, out int n): return Server.Run(n);
    default:
        Console.WriteLine("The other side of `dotnet run -c Release --project bench -- compare`, which starts it once it is built.");
        return 1;
}
