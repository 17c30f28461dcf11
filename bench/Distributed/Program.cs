using System.Globalization;
using System.Text.Json.Serialization;
using DeepNet.Bench.Ranks;
using DeepNet.Distributed;

// What figures.sh starts, by itself or by mpirun, and makes tables of.
return Distributed.Run(world =>
{
    int Number(int at) => int.Parse(args[at], CultureInfo.InvariantCulture);
    switch (args[0])
    {
        case "allreduce" or "asked":
            AllReduce.Run(world, args.Skip(1).Select(a => int.Parse(a, CultureInfo.InvariantCulture)), isAsked: args[0] == "asked");
            break;
        case "overhead":
            Steps.Overhead(world, Number(1), Number(2));
            break;
        case "step":
            Steps.Run(world, Number(1), Number(2));
            break;
        case "growth":
            Growth.Run(Number(1), Number(2));
            break;
        default:
            throw new ArgumentException($"'{args[0]}' is none of allreduce, asked, overhead, step, growth.");
    }
});

[JsonSerializable(typeof(int))]
internal sealed partial class BenchJson : JsonSerializerContext;
