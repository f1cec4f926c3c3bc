export { chooseHubs, hubQueries } from './choose-hubs.ts'
export { combineTickets, type TicketsToCombine } from './combine-tickets.ts'
export type { Leg } from './ticket.ts'
