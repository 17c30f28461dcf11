using System.Globalization;
using DeepNet;
using DeepNet.Bench.Gpu;
using DeepNet.Ilgpu;

const string Help = """
    dotnet run -c Release --project bench/Gpu -- [OPTIONS]

      --device NAME    which device (default: best)
      --only NAMES     parts whose name contains one of these, separated by commas: launch, bandwidth, matmul, steps, gpt, memory
      --steps N        steps of the memory run (default 10000)
      --small          sizes for slow devices: to see that everything runs
      --no-torch       no figures of PyTorch beside ours

    Prints a line a figure, PyTorch's beside it where python3 has PyTorch with a GPU, and at the end which of the project's marks are met:
    elementwise kernels 0.85 of a copy, products of 4096³ 0.95 of PyTorch's with cuBLAS and 0.35 with the own kernel, training steps 1.0 of
    eager PyTorch's (char-gpt 0.8), 8 µs a launch, and memory that does not grow.

    To carry it to a machine without an SDK:
      dotnet publish bench/Gpu -c Release -r linux-x64 --self-contained -o gpu-bench
    Where NuGet has no runtime packs, without --self-contained, and with the SDK's own runtime beside it (shared/ and host/ of
    `dotnet --list-runtimes`):
      dotnet publish bench/Gpu -c Release -o gpu-bench && mkdir gpu-bench/dotnet && cp -r $DOTNET_ROOT/{dotnet,host,shared} gpu-bench/dotnet
      gpu-bench/dotnet/dotnet gpu-bench/DeepNet.Bench.Gpu.dll
    """;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string deviceName = "best";
string[] only = [];
int steps = 10_000;
bool small = false, torch = true;
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--device" when i + 1 < args.Length: deviceName = args[++i]; break;
        case "--only" when i + 1 < args.Length: only = args[++i].Split(','); break;
        case "--steps" when i + 1 < args.Length && int.TryParse(args[i + 1], out steps) && steps > 0: i++; break;
        case "--small": small = true; break;
        case "--no-torch": torch = false; break;
        case "-h" or "--help": Console.WriteLine(Help); return 0;
        default:
            Console.Error.WriteLine($"{args[i]} is not an option, or lacks its value.\n\n{Help}");
            return 2;
    }
}

IlgpuDevices.Register();
if (!Device.TryParse(deviceName, out var device))
{
    try
    {
        _ = Device.Parse(deviceName);
    }
    catch (ArgumentException e)
    {
        Console.Error.WriteLine(e.Message);
    }
    return 2;
}
Console.WriteLine($"device: {device.Name}: {device.Description}; {device.Capabilities}");
if (device.Kind == DeviceKind.Cpu) Console.WriteLine(Device.BestRemark);

var figures = torch ? TorchFigures.Read(small) : [];
var measures = new Measures(device, small, figures);
foreach (var (name, part) in new (string, Action)[]
{
    ("launch", measures.Launch), ("bandwidth", measures.Bandwidth), ("matmul", measures.MatMul), ("steps", measures.Steps),
        ("gpt", measures.Gpt), ("memory", () => measures.Memory(steps)),
})
    if (only.Length == 0 || only.Any(o => name.Contains(o, StringComparison.OrdinalIgnoreCase))) part();
measures.Marks.Print(figures.Count > 0);
return 0;
