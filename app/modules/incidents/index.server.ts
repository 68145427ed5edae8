/**
 * Incidents: what happened to a payment or a customer, written as a file that names nobody and that the Stripe sandbox plays
 * again. It reads what other rooms wrote and writes nothing but its audit.
 */
export { exportIncident, type ExportOutcome } from './export-incident.server';
export { findIncidentRealm } from './find-incident-realm.server';
export { type Incident, type IncidentFile, incidentFile } from './incident-file';
