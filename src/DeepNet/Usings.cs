// Formulas, numbers and kernels are inlined on purpose and by the hundred: the attribute should be short to read.
global using System.Numerics;
global using System.Runtime.CompilerServices;
global using static System.Runtime.CompilerServices.MethodImplOptions;
global using DeepNet.Devices;
global using DeepNet.Tracing;
global using DeepNet.Ops;
