// Loaded before src/main.ts in processes of the fault runner: whatever ends the runner, its pipe closes and they end too.
process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL')).resume()
process.stdin.unref?.()
